import { crc32, gunzipSync } from "node:zlib";

export interface ArchivedFile {
  /** Below the root of the archive, with slashes. */
  readonly path: string;
  readonly content: string;
}

const block = 512;
/** Longest name that the header of a file takes; a longer one stands in a record of its own before it. */
const longestName = 100;
/** Most that one stored block of deflate takes. */
const storedBytes = 65_535;

/**
 * Files as a `.tar.gz` whose bytes depend on their names and their content alone: without times and owners, in the order of
 * names. It is not compressed, as the bytes that a compressor makes depend on its version and on the processor.
 */
export function archive(files: readonly ArchivedFile[]): Buffer {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return gzipped(Buffer.concat([...sorted.flatMap(({ path, content }) => entry(path, Buffer.from(content))), Buffer.alloc(2 * block)]));
}

/** The files of an archive that `archive` has made. */
export function archived(bytes: Buffer): ArchivedFile[] {
  const tar = gunzipSync(bytes);
  const files: ArchivedFile[] = [];
  let long: string | undefined;
  for (let at = 0; tar[at] !== 0 && at < tar.length; ) {
    const size = Number.parseInt(tar.toString("latin1", at + 124, at + 135), 8);
    const body = tar.toString("utf8", at + block, at + block + size);
    const name = tar.toString("utf8", at, at + longestName).replace(/\0.*$/s, "");
    if (tar.toString("latin1", at + 156, at + 157) === "x") long = /^\d+ path=(.*)\n$/.exec(body)?.[1];
    else {
      files.push({ path: long ?? name, content: body });
      long = undefined;
    }
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

function entry(path: string, content: Buffer): Buffer[] {
  const padding = Buffer.alloc((block - (content.length % block)) % block);
  const file = [header(path, content.length, "0"), content, padding];
  return Buffer.byteLength(path) > longestName ? [...longName(path), ...file] : file;
}

/** The record says its own length, digits included. */
function longName(path: string): Buffer[] {
  const text = ` path=${path}\n`;
  let length = Buffer.byteLength(text);
  while (String(length).length + Buffer.byteLength(text) !== length) length = String(length).length + Buffer.byteLength(text);
  const record = Buffer.from(`${length}${text}`);
  return [header("long-name", record.length, "x"), record, Buffer.alloc((block - (record.length % block)) % block)];
}

/** A header of POSIX tar: for everybody to read, of root, at the beginning of time. */
function header(name: string, size: number, type: "0" | "x"): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, at: number, digits: number) => bytes.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  bytes.write(name, 0, longestName, "utf8");
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  bytes.write(type, 156, "latin1");
  bytes.write("ustar\u000000", 257, "latin1");
  // The sum counts its own place as spaces.
  bytes.fill(" ", 148, 156);
  octal(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  bytes[154] = 0;
  return bytes;
}

function gzipped(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let at = 0; at < content.length; at += storedBytes) {
    const chunk = content.subarray(at, at + storedBytes);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + storedBytes >= content.length ? 1 : 0, 0);
    head.writeUInt16LE(chunk.length, 1);
    head.writeUInt16LE(~chunk.length & 0xffff, 3);
    parts.push(head, chunk);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(content), 0);
  tail.writeUInt32LE(content.length, 4);
  return Buffer.concat([...parts, tail]);
}
