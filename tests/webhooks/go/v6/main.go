// Verifies what was sent with workos-go 6.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/workos/workos-go/v6/pkg/webhooks"
)

type delivery struct {
	Name    string            `json:"name"`
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
	Secret  string            `json:"vendor_secret"`
	Stale   string            `json:"stale_signature"`
}

func check(sent delivery) error {
	believe := func(signature, body, secret string) error {
		_, err := webhooks.NewClient(secret).ValidatePayload(signature, body)
		return err
	}
	signature := sent.Headers["workos-signature"]
	if err := believe(signature, sent.Body, sent.Secret); err != nil {
		return err
	}
	refused := map[string]error{
		"a changed byte":  believe(signature, sent.Body+" ", sent.Secret),
		"another secret":  believe(signature, sent.Body, sent.Secret+"x"),
		"ten minutes old": believe(sent.Stale, sent.Body, sent.Secret),
	}
	for what, err := range refused {
		if err == nil {
			return fmt.Errorf("it believes %s", what)
		}
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
		fmt.Println("FAILED workos-go 6: nothing to verify", err)
		os.Exit(1)
	}
	failed := 0
	for _, sent := range all {
		if err := check(sent); err != nil {
			failed = 1
			fmt.Printf("FAILED workos-go 6 verifies: %s\n       %v\n", sent.Name, err)
			continue
		}
		fmt.Printf("ok     workos-go 6 verifies: %s\n", sent.Name)
	}
	os.Exit(failed)
}
