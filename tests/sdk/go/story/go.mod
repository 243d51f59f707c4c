module sdk.test/story

go 1.23
