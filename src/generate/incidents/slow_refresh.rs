//! A refresh token, stolen from a laptop, is redeemed every six hours from abroad by something that looks
//! like that laptop: nothing of it is in the interactive log.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::networks;
use crate::generate::record::Place;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

use super::Scene;

const READ: [Use; 3] = [
    (apps::OFFICE, apps::EXCHANGE, "Calendars.ReadWrite Mail.ReadWrite Mail.Send"),
    (apps::OFFICE, apps::GRAPH, "Files.ReadWrite.All openid profile User.Read"),
    (apps::TEAMS, apps::GRAPH, "Calendars.ReadWrite Chat.ReadWrite openid profile User.Read"),
];

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let own = Hands::native(&person.laptop, person.site().egress(random));
    let abroad: Place = networks::away(1, random);
    let thief = Hands { client: Arc::clone(&person.laptop.native), device: None, place: abroad };
    let signed_in = session.interactive(random, begins, apps::DESK[2], &own);
    let day: Vec<_> = (1..9)
        .map(|step| {
            let using = random.pick(&apps::DESK);
            session.refresh(random, begins + step * 50 * MINUTE, using, &own, "refreshToken")
        })
        .collect();
    let stolen: Vec<_> = (0..16)
        .map(|step| {
            let time = begins + 13 * HOUR + step * 6 * HOUR + random.between(0, 900) * SECOND;
            let using = random.pick(&READ);
            session.refresh(random, time, using, &thief, "refreshToken")
        })
        .collect();
    scene.sign_in("owner-sign-in", signed_in);
    for sign_in in day {
        scene.beside(sign_in);
    }
    for sign_in in stolen {
        scene.sign_in("refreshed-abroad", sign_in);
    }
}
