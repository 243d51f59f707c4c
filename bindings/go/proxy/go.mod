module resetpassword.dev/usermanagement/proxy

go 1.19
