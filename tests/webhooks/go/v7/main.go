// Verifies what was sent with workos-go 7, and calls what it has for endpoints.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/workos/workos-go/v7"
)

type delivery struct {
	Name    string            `json:"name"`
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
	Secret  string            `json:"vendor_secret"`
	Stale   string            `json:"stale_signature"`
}

func check(sent delivery) error {
	believe := func(signature, body, secret string) (*workos.EventSchema, error) {
		return workos.NewWebhookVerifier(secret).ConstructEvent(signature, body)
	}
	signature := sent.Headers["workos-signature"]
	event, err := believe(signature, sent.Body, sent.Secret)
	if err != nil {
		return err
	}
	if event.ID != sent.Headers["webhook-id"] {
		return fmt.Errorf("the id is %s", event.ID)
	}
	for what, given := range map[string][3]string{
		"a changed byte":  {signature, sent.Body + " ", sent.Secret},
		"another secret":  {signature, sent.Body, sent.Secret + "x"},
		"ten minutes old": {sent.Stale, sent.Body, sent.Secret},
	} {
		if _, err := believe(given[0], given[1], given[2]); err == nil {
			return fmt.Errorf("it believes %s", what)
		}
	}
	return nil
}

func manage() error {
	client := workos.NewClient(os.Getenv("WEBHOOKS_API_KEY"), workos.WithBaseURL(os.Getenv("WEBHOOKS_BASE_URL")))
	endpoints, ctx := client.Webhooks(), context.Background()
	made, err := endpoints.CreateEndpoint(ctx, &workos.WebhooksCreateEndpointParams{
		EndpointURL: "https://example.com/hooks",
		Events:      []workos.CreateWebhookEndpointEvents{workos.CreateWebhookEndpointEventsUserCreated},
	})
	if err != nil {
		return err
	}
	if !strings.HasPrefix(made.Secret, "whsec_") {
		return fmt.Errorf("it has no secret")
	}
	listed := func() (bool, error) {
		all := endpoints.ListEndpoints(ctx, &workos.WebhooksListEndpointsParams{})
		for all.Next() {
			if all.Current().ID == made.ID {
				return true, nil
			}
		}
		return false, all.Err()
	}
	if is, err := listed(); !is {
		return fmt.Errorf("it is not listed: %w", err)
	}
	disabled := workos.UpdateWebhookEndpointStatus("disabled")
	changed, err := endpoints.UpdateEndpoint(ctx, made.ID, &workos.WebhooksUpdateEndpointParams{Status: &disabled})
	if err != nil {
		return err
	}
	if changed.Status != "disabled" {
		return fmt.Errorf("its status is %s", changed.Status)
	}
	if err := endpoints.DeleteEndpoint(ctx, made.ID); err != nil {
		return err
	}
	if is, err := listed(); is || err != nil {
		return fmt.Errorf("it is listed still: %v", err)
	}
	return nil
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	var all []delivery
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil || len(all) == 0 {
		fmt.Println("FAILED workos-go 7: nothing to verify", err)
		os.Exit(1)
	}
	failed := 0
	tell := func(what string, err error) {
		if err != nil {
			failed = 1
			fmt.Printf("FAILED workos-go 7 %s\n       %v\n", what, err)
			return
		}
		fmt.Printf("ok     workos-go 7 %s\n", what)
	}
	for _, sent := range all {
		tell("verifies: "+sent.Name, check(sent))
	}
	tell("makes, lists, changes and removes an endpoint", manage())
	os.Exit(failed)
}
