/** Too short to hold a card number or a secret, or a time as this program writes it. */
export const PLAIN_CELL = /^(?:[\w.-]{0,11}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/;
