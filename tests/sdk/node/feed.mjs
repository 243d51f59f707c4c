// The feed of events, as the SDK reads it.

export const KINDS = ['password_reset.created', 'password_reset.succeeded'];

/** Every event of these kinds, oldest first, read in pages. */
export async function wholeFeed(client) {
  const events = [];
  let after;
  do {
    const page = await client.events.listEvents({ events: KINDS, limit: 100, after });
    events.push(...page.data);
    after = page.listMetadata.after;
  } while (after);
  return events;
}

/** What the feed tells of a user's resets, oldest first. */
export async function eventsOf(client, userId) {
  return (await wholeFeed(client)).filter((event) => event.data.userId === userId);
}
