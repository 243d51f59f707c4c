module example

go 1.25

require resetpassword.dev/usermanagement v0.1.0
