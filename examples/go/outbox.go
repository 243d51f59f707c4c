package main

import (
	"encoding/json"
	"log"
	"os"

	"resetpassword.dev/usermanagement"
)

// mail is one message. It holds a secret.
type mail struct {
	To  string `json:"to"`
	URL string `json:"url"`
}

// outbox is where mail waits. It is never closed, because a request that outlives the end may still send.
var outbox = make(chan mail, 1_000)

// enqueue never waits: a full outbox would hold up known addresses alone, and so tell which they are.
func enqueue(reset *usermanagement.PasswordReset) {
	select {
	case outbox <- mail{To: reset.Email, URL: reset.PasswordResetURL}:
	default:
		log.Print("the outbox is full, and nothing was mailed for ", reset.ID)
	}
}

// deliver stands in for a mailer. It works behind the answers, so that they take the same time for everybody. After the
// last it delivers what is there, and ends.
func deliver(outbox <-chan mail, last <-chan struct{}, path string) {
	for {
		select {
		case message := <-outbox:
			send(message, path)
			continue
		case <-last:
		}
		for len(outbox) > 0 {
			send(<-outbox, path)
		}
		return
	}
}

func send(message mail, path string) {
	if err := appendLine(path, message); err != nil {
		log.Print("a mail was not delivered: ", err)
	}
}

func appendLine(path string, message mail) error {
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(append(line, '\n'))
	return err
}
