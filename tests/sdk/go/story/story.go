package story

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
)

// test is one test, and of which generations it is told; of all, where `where` is nil.
type test struct {
	run   func(*client, *service)
	where func(*client) bool
}

// Main tells every story with the SDK that the program was built with: `PROGRAM VERSION`. Prints one line for each
// test.
func Main(generation Generation) {
	if len(os.Args) != 2 {
		quit("one argument is needed: the SDK's version")
	}
	version := os.Args[1]
	if built := builtWith(generation.Module); built != "v"+version {
		quit(fmt.Sprintf("this was built with %s %s, not v%s", generation.Module, built, version))
	}
	s, err := serviceOfEnvironment()
	if err != nil {
		quit("the environment does not say where the service is; tests/sdk/run does")
	}
	c := connect(generation, "go "+version, s.baseURL, s.apiKey)
	failed := false
	for _, story := range [][]test{users, resets, access, lostAnswer} {
		for _, test := range story {
			if test.where == nil || test.where(c) {
				failed = !passes(test, c, s) || failed
			}
		}
	}
	if failed {
		os.Exit(1)
	}
}

func quit(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

func builtWith(module string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return dependency.Version
			}
		}
	}
	return "of no known version"
}

func passes(test test, c *client, s *service) (passed bool) {
	name := c.label + ": " + nameOf(test)
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Printf("FAILED %s\n       %s\n       %s\n", name, explain(problem, c), place())
			passed = false
		}
	}()
	test.run(c, s)
	fmt.Printf("ok     %s\n", name)
	return true
}

var wordStart = regexp.MustCompile(`[A-Z]|\d+`)

// nameOf is the name of the test's function, in words.
func nameOf(test test) string {
	path := runtime.FuncForPC(reflect.ValueOf(test.run).Pointer()).Name()
	name := path[strings.LastIndex(path, ".")+1:]
	return strings.ToLower(wordStart.ReplaceAllString(name, " $0"))
}

// explain says what went wrong; of an error only what is known to hold nothing that was sent.
func explain(problem any, c *client) string {
	switch problem := problem.(type) {
	case disagreement:
		return string(problem)
	case failedCall:
		what := fmt.Sprintf("%T", problem.err)
		if seen, ok := c.sdk.Seen(problem.err); ok {
			what += fmt.Sprintf(" %d %s", seen.Status, seen.Code)
		}
		return what
	}
	return fmt.Sprintf("%T", problem)
}

// place is where it happened, outermost first.
func place() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	places := []string{}
	for {
		frame, more := frames.Next()
		if file := filepath.Base(frame.File); strings.HasPrefix(file, "story_") {
			places = append([]string{fmt.Sprintf("%s:%d", file, frame.Line)}, places...)
		}
		if !more {
			return strings.Join(places, " > ")
		}
	}
}
