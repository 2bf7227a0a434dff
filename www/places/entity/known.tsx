// What is known of an entity: first and last, how many sign-ins, and what records say of it.

import type { ComponentChildren } from "preact";

import type { EntityView } from "../../model";
import { Time } from "../../parts/small";
import { tuningOf } from "../../parts/tuning";
import { exact, figure } from "../../parts/words";
import { dialogue } from "../../state/keys";

interface Props {
  view: EntityView;
  /** Leads to the counts of its sign-ins. */
  count: () => void;
}

export function Known({ view, count }: Props) {
  return (
    <section class="note-block">
      <h2 class="any">{view.named.label}</h2>
      <dl class="facts">
        {view.sums.span !== null && (
          <>
            <Fact name="First seen">
              <Time at={view.sums.span[0]} as={exact} />
            </Fact>
            <Fact name="Last seen">
              <Time at={view.sums.span[1]} as={exact} />
            </Fact>
          </>
        )}
        <Fact name="Sign-ins">
          {figure(view.sums.records)}, {figure(view.sums.refused)} refused
        </Fact>
        {view.facts.map(([name, text]) => (
          <Fact key={name} name={name}>
            {text}
          </Fact>
        ))}
      </dl>
      <p class="acts">
        <button type="button" class="btn" onClick={count}>
          Count the sign-ins <kbd>v</kbd>
        </button>
        {view.column === "address" && (
          <button type="button" class="btn" onClick={tuneOwn}>
            Own networks
          </button>
        )}
      </p>
    </section>
  );
}

function tuneOwn(): void {
  tuningOf.value = "own-networks";
  dialogue.value = "tuning";
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd class="any">{children}</dd>
  </div>
);
