package main

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"resetpassword.dev/usermanagement"
)

func open(arguments map[string]any) (*usermanagement.Client, error) {
	var databaseURL string
	var options usermanagement.Options
	rest := map[string]any{}
	for name, given := range arguments {
		if name != "database_url" {
			rest[name] = given
		}
	}
	if err := put(reflect.ValueOf(&databaseURL).Elem(), arguments["database_url"]); err != nil {
		return nil, err
	}
	if err := fill(reflect.ValueOf(&options).Elem(), rest); err != nil {
		return nil, err
	}
	return usermanagement.Open(databaseURL, options)
}

// perform calls the method of an operation, with a context that could be cancelled, as that of an HTTP request.
func perform(client *usermanagement.Client, call string, arguments map[string]any) (any, error) {
	method := reflect.ValueOf(client).MethodByName(goName(call))
	if !method.IsValid() {
		return nil, fmt.Errorf("there is no operation %s", call)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var given []reflect.Value
	if method.Type().NumIn() == 2 {
		options := reflect.New(method.Type().In(1)).Elem()
		if err := fill(options, arguments); err != nil {
			return nil, err
		}
		given = []reflect.Value{reflect.ValueOf(ctx), options}
	}
	results := method.Call(given)
	if err, _ := results[len(results)-1].Interface().(error); err != nil {
		return nil, err
	}
	if len(results) == 1 {
		return nil, nil
	}
	if response, ok := results[0].Interface().(usermanagement.UserResponse); ok {
		return canonical(reflect.ValueOf(response.User)), nil
	}
	return canonical(results[0]), nil
}

// canonical is a result by the names of the reference.
func canonical(result reflect.Value) any {
	if moment, ok := result.Interface().(time.Time); ok {
		return moment.Format("2006-01-02T15:04:05.000Z07:00")
	}
	switch result.Kind() {
	case reflect.Pointer:
		if result.IsNil() {
			return nil
		}
		return canonical(result.Elem())
	case reflect.Struct:
		made := map[string]any{}
		for index := 0; index < result.NumField(); index++ {
			made[snake(result.Type().Field(index).Name)] = canonical(result.Field(index))
		}
		return made
	case reflect.Slice:
		if result.IsNil() {
			return nil
		}
		made := []any{}
		for index := 0; index < result.Len(); index++ {
			made = append(made, canonical(result.Index(index)))
		}
		return made
	default:
		return result.Interface()
	}
}

// told is an error by its public fields.
func told(failed *usermanagement.Error) answer {
	reasons := []any{}
	for _, reason := range failed.Errors {
		made := canonical(reflect.ValueOf(reason)).(map[string]any)
		for name, value := range made {
			if value == nil {
				delete(made, name)
			}
		}
		reasons = append(reasons, made)
	}
	var retryAfter any
	if failed.RetryAfter != nil {
		retryAfter = failed.RetryAfter.Seconds()
	}
	var class any
	if names, err := codes(); err == nil {
		class = names[string(failed.Code)]
	}
	return answer{
		"code": failed.Code, "message": failed.Error(), "errors": reasons, "retryable": failed.Retryable,
		"retry_after": retryAfter, "class": class,
	}
}
