package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	variables    = regexp.MustCompile(`\$\$|\$\{[^}]*\}?`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// expand puts the environment's values into a text: ${NAME}, or ${NAME:-default} for what stands there when NAME is not set or empty.
// $$ is one $, and any other $ is itself. What is put in is not looked at again: a value cannot name another variable. It also
// reports whether there was a variable. Errors name the variable and never its value.
func expand(text string, env func(string) (string, bool)) (expanded string, variable bool, err error) {
	var faults []error
	expanded = variables.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		variable = true
		value, err := lookup(found, env)
		faults = append(faults, err)
		return value
	})
	return expanded, variable, errors.Join(faults...)
}

// lookup returns the value of ${…}.
func lookup(reference string, env func(string) (string, bool)) (string, error) {
	inside, closed := strings.CutSuffix(strings.TrimPrefix(reference, "${"), "}")
	name, otherwise, hasDefault := strings.Cut(inside, ":-")
	if !closed || !variableName.MatchString(name) {
		return "", errors.New("`${` must begin ${NAME} or ${NAME:-default}; write `$${` for these two characters")
	}
	value, set := env(name)
	switch {
	case hasDefault && (!set || value == ""):
		return otherwise, nil
	case !set:
		return "", fmt.Errorf("the environment variable %s is not set: set it, or write ${%s:-default}", name, name)
	}
	return value, nil
}

// escaped writes a text so that expand gives it back.
func escaped(text string) string {
	if variables.MatchString(text) {
		return strings.ReplaceAll(text, "$", "$$")
	}
	return text
}
