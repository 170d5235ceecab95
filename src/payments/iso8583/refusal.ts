import { ExitCode, OorError } from '../../errors.ts';

/** For what a caller hands over to be written; the content of a field is never quoted. */
export function invalidMessage(reason: string): OorError {
  return new OorError({
    code: 'invalid-message',
    message: reason,
    hint: 'compare with the dialect of this peer',
    exitCode: ExitCode.invalidInput,
  });
}
