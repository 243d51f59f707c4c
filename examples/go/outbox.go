package main

import (
	"encoding/json"
	"log"
	"os"
)

// mail is one message. It holds a secret.
type mail struct {
	To  string `json:"to"`
	URL string `json:"url"`
}

// deliver stands in for a mailer. It works behind the answers, so that they take the same time for everybody.
func deliver(outbox <-chan mail, path string) {
	for message := range outbox {
		if err := appendLine(path, message); err != nil {
			log.Print("a mail was not delivered: ", err)
		}
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
