/**
 * Gives the memory of a piece that was read, and copied, back at once; the piece is empty from then on. V8 gives it back by itself
 * when 32 MiB of such pieces have gathered, which is much of what a run may hold.
 * Memory is given away with a message, and nobody is at the other end of this one.
 */
export function giveBack(piece: Uint8Array): void {
  // A piece of a greater block (node's pool) is not alone in it.
  if (piece.byteLength === 0 || piece.byteLength !== piece.buffer.byteLength) return;
  nowhere ??= openToNowhere();
  nowhere.postMessage(null, [piece.buffer as ArrayBuffer]);
}

let nowhere: ReturnType<typeof openToNowhere> | undefined;

function openToNowhere() {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  port1.close();
  return port1;
}
