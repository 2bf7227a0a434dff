// Archives among the files: each file of one is read as a file of its own.

import type { Source } from "./engine";
import type { Member } from "./member";
import type { Inside } from "./messages";

/** The files to read in place of a source: itself, or those of the archive that it is. */
export async function opened(source: Source, member: Member, outer = true): Promise<Source[]> {
  const { name, file } = source;
  if (source.inside !== undefined || !(await mayBeArchive(file))) return [source];
  const { news } = await member.ask({ order: "list", name, outer }, { file });
  if (news.news !== "listed" || news.files === null) return [source];
  const found: Source[] = [];
  for (const inside of news.files) {
    const inner = inside.archive ? await unpacked(file, inside, member) : undefined;
    if (inner === undefined) found.push({ name: inside.name, file, inside });
    else found.push(...(await opened({ name: inside.name, file: inner }, member, false)));
  }
  return found;
}

/** Two bytes tell most files apart; one that cannot be read is none. */
async function mayBeArchive(file: Blob): Promise<boolean> {
  const first = await file
    .slice(0, 2)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  return new TextDecoder().decode(first) === "PK";
}

/** An archive in an archive; undefined where it is damaged, and then read as it is: that says where. */
async function unpacked(file: Blob, inside: Inside, member: Member): Promise<Blob | undefined> {
  return member.ask({ order: "unpack", inside }, { file }).then(
    (reply) => reply.file,
    (failure) => {
      if (member.ended !== undefined) throw failure;
      return undefined;
    },
  );
}

/** The bytes of a source, in its file. */
export function range({ file, inside }: Source): { from: number; to: number } {
  return inside === undefined ? { from: 0, to: file.size } : { from: inside.from, to: inside.to };
}
