package story

// kinds are the events of a reset, in the order in which they happen.
var kinds = []string{"password_reset.created", "password_reset.succeeded"}

// wholeFeed is every event of these kinds, oldest first, read in pages.
func wholeFeed(c *client) []Record {
	events, after := []Record{}, ""
	for {
		page := must(c.sdk.ListEvents(EventQuery{Events: kinds, Limit: 100, After: after}))
		events = append(events, page.Data...)
		if page.After == "" {
			return events
		}
		after = page.After
	}
}

// eventsOf is what the feed tells of a user's resets, oldest first.
func eventsOf(c *client, userID string) []Record {
	told := []Record{}
	for _, event := range wholeFeed(c) {
		if dataOf(event)["user_id"] == userID {
			told = append(told, event)
		}
	}
	return told
}

func dataOf(event Record) Record {
	data, ok := event["data"].(map[string]any)
	expect(ok, "data of an event is an object")
	return data
}

// each is one field of every record.
func each(records []Record, name string) []string {
	values := []string{}
	for _, record := range records {
		values = append(values, record.text(name))
	}
	return values
}
