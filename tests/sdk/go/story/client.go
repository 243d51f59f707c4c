package story

import (
	"fmt"
	"strings"
)

// client is the SDK, pointed at one address with one API key.
type client struct {
	sdk        SDK
	generation Generation
	label      string
	baseURL    string
	apiKey     string
	addresses  *int
}

func connect(generation Generation, label, baseURL, apiKey string) *client {
	sdk := generation.Connect(baseURL, apiKey)
	return &client{sdk, generation, label, baseURL, apiKey, new(int)}
}

// at is the same client with another address.
func (c *client) at(baseURL string) *client {
	other := *c
	other.baseURL = baseURL
	other.sdk = c.generation.Connect(baseURL, c.apiKey)
	return &other
}

// as is the same client with another key.
func (c *client) as(apiKey string) *client {
	other := *c
	other.apiKey = apiKey
	other.sdk = c.generation.Connect(c.baseURL, apiKey)
	return &other
}

// address is an e-mail address that no other test uses.
func (c *client) address() string {
	*c.addresses++
	domain := strings.NewReplacer(" ", "-", ".", "-").Replace(c.label)
	return fmt.Sprintf("ada-%d@%s.example.com", *c.addresses, domain)
}

// user is a new user with the first password, or without one.
func (c *client) user(password string) Record {
	return must(c.sdk.CreateUser(NewUser{Email: c.address(), Password: password}))
}

// userAndReset are a new user with the first password, and a reset for it.
func (c *client) userAndReset() (user, reset Record) {
	user = c.user(firstPassword)
	return user, must(c.sdk.CreateReset(user.text("email")))
}
