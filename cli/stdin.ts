/** All of standard input, without the white space around it: how secrets come in. */
export async function fromStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.trim();
}
