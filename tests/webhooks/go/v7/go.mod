module webhooks.test/v7

go 1.23

require (
	github.com/workos/workos-go/v7 v7.1.2
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
)
