import type { Codec } from './codec.ts';
import { closeFrame, type Framed, type Framing, openFrame } from './framing.ts';
import type { Decoded, Message } from './message.ts';

/** Every byte gets its place, or the first that has none is named. */
export function decodeMessage(bytes: Uint8Array, codec: Codec, framing: Framing): Decoded {
  const frame = openFrame(bytes, framing);
  return inFrame(frame, codec.decode(bytes, frame.from, frame.to));
}

/** A message as it stands in its frame, the problems of the frame first. */
export function inFrame(frame: Framed, body: Decoded): Decoded {
  if (body.message === undefined) return frame.problems.length === 0 ? body : { ...body, problems: [...frame.problems, ...body.problems] };
  const { mti, fields, bitmaps, envelope } = body.message;
  const message: Message = { mti, fields, bitmaps, envelope: { ...envelope, ...frame.envelope } };
  const problems = frame.problems.length === 0 ? body.problems : [...frame.problems, ...body.problems];
  return { message, mti, problems, explained: body.explained };
}

/** `encodeMessage(decodeMessage(x))` is x for every message without problems. Throws `OorError` for what cannot be said. */
export function encodeMessage(message: Message, codec: Codec, framing: Framing): Uint8Array {
  return closeFrame(codec.encode(message), framing, message.envelope);
}
