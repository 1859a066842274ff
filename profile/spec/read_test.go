package spec

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func noVariables(string) (string, bool) { return "", false }

// samples are specs that Parse and the schema must agree on. Semantic ones are beyond a schema: they pass it.
var samples = map[string]struct {
	spec     string
	want     string // what Parse's error holds, with its position; "" if it is valid
	semantic bool
}{
	"least":             {"version: 1", "", false},
	"empty sections":    {"version: 1\nprivacy:\ncolumns:\nfocus:\nsource:\n", "", false},
	"all":               {"version: 1\ndataset: d\nprivacy: {epsilon: 1, delta: 0.000001}\nsource: {format: csv, header: true, skip_lines: 3}\nfocus: [a, [a, b]]\n", "", false},
	"values as written": {"version: 1\ncolumns:\n- {name: 7, values: [1.10, 007, true]}\n", "", false},
	"variable":          {"version: 1\nprivacy: {epsilon: \"${E:-2}\", delta: 1.0e-6}\n", "", false},

	"unit":        {"version: 1\nunit: {columns: [a, b], max_records: 8, missing: drop}", "", false},
	"unit's size": {"version: 1\nunit: {columns: [a], max_records: \"${N:-8}\"}", "", false},

	"unlimited unit":  {"version: 1\nunit: {columns: [a]}", "line 2, column 7: unit: max_records is 0", false},
	"endless unit":    {"version: 1\nunit: {columns: [a], max_records: 10001}", "line 2, column 7: unit: max_records", false},
	"unit's missing":  {"version: 1\nunit: {columns: [a], max_records: 1, missing: no}", "line 2, column 7: unit: missing", false},
	"unit's typo":     {"version: 1\nunit: {column: [a], max_records: 1}", "line 2, column 8: unknown key `column`: did you mean `columns`?", false},
	"no mapping":      {"- 1", "line 1, column 1: a spec must hold keys and values", false},
	"no version":      {"dataset: x", "version is 0", false},
	"version":         {"version: 2", "line 1, column 10: version is 2", false},
	"typo":            {"version: 1\nprivacy:\n  epsilonn: 1\n  delta: 0.1", "line 3, column 3: unknown key `epsilonn`: did you mean `epsilon`?", false},
	"typo at the top": {"version: 1\ndatset: x", "line 2, column 1: unknown key `datset`: did you mean `dataset`?", false},
	"swapped letters": {"version: 1\nsource: {foramt: csv}", "line 2, column 10: unknown key `foramt`: did you mean `format`?", false},
	"capital":         {"Version: 1", "line 1, column 1: unknown key `Version`: did you mean `version`?", false},
	"in a column":     {"version: 1\ncolumns:\n- name: a\n  dayfirst: true", "line 4, column 3: unknown key `dayfirst`: did you mean `day_first`?", false},
	"elsewhere":       {"version: 1\nepsilon: 1", "line 2, column 1: unknown key `epsilon`: did you mean the one of `privacy`?", false},
	"nowhere":         {"version: 1\nsource: {frobnication: 1}", "unknown key `frobnication`: there can be format, delimiter,", false},
	"text for number": {"version: 1\nprivacy: {epsilon: much, delta: 0.1}", "line 2, column 20: privacy.epsilon must be a number", false},
	"quoted number":   {"version: 1\nprivacy: {epsilon: \"1\", delta: 0.1}", "line 2, column 20: privacy.epsilon must be a number", false},
	"infinite":        {"version: 1\nprivacy: {epsilon: inf, delta: 0.1}", "line 2, column 20: privacy.epsilon must be a number", false},
	"too little":      {"version: 1\nprivacy: {epsilon: 0, delta: 0.1}", "line 2, column 20: privacy.epsilon is 0", false},
	"half a budget":   {"version: 1\nprivacy: {epsilon: 1}", "line 2, column 10: privacy.delta is 0", false},
	"fraction":        {"version: 1\nsource: {skip_lines: 1.5}", "line 2, column 22: source.skip_lines must be a whole number", false},
	"number for yes":  {"version: 1\nsource: {header: 1}", "line 2, column 18: source.header must be true or false", false},
	"list for text":   {"version: 1\ndataset: [a]", "line 2, column 10: dataset must be one value, a text", false},
	"text for list":   {"version: 1\ncolumns: name", "line 2, column 10: columns must be a list", false},
	"format":          {"version: 1\nsource: {format: xlsx}", "line 2, column 18: source.format", false},
	"many keys":       {"version: 1\nsource:\n  max_keys: 5000", "line 3, column 13: source.max_keys is 5000", false},
	"kind":            {"version: 1\ncolumns:\n- {name: a, kind: float}", "line 3, column 19: column \"a\"", false},
	"no name":         {"version: 1\ncolumns:\n- kind: id", "line 3, column 7: columns[0] has no name", false},
	"no values":       {"version: 1\ncolumns:\n- {name: a, values: []}", "line 3, column 21: column \"a\": values is empty", false},
	"empty focus":     {"version: 1\nfocus: [a, []]", "line 2, column 12: focus[1] is empty", false},

	"twice":        {"version: 1\ncolumns:\n- {name: a}\n- {name: a}", "line 4, column 3: columns[1]: column \"a\" is declared twice", true},
	"value twice":  {"version: 1\ncolumns:\n- name: a\n  values:\n  - x\n  - x", "line 6, column 5: column \"a\": value \"x\" is declared twice", true},
	"null value":   {"version: 1\ncolumns:\n- {name: a, values: [N/A]}", "line 3, column 22: column \"a\": value \"N/A\" is a null spelling", true},
	"kind differs": {"version: 1\ncolumns:\n- {name: a, kind: id, values: [x]}", "line 3, column 31: column \"a\": values can be declared", true},
}

func TestSamples(t *testing.T) {
	for name, c := range samples {
		_, err := ParseIn([]byte(c.spec), noVariables)
		if c.want == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestMoreErrors(t *testing.T) {
	for name, c := range map[string]struct{ spec, want string }{
		"syntax":        {"version: 1\ncolumns: [a\n", "line 2"},
		"twice":         {"version: 1\nversion: 1\n", "line 2, column 1"},
		"two documents": {"version: 1\n---\nversion: 1\n", "line 3"},
		"comments only": {"# nothing\n", "the spec is empty"},
		"alias":         {"version: &v 1\nsource: {skip_lines: *v, frmt: csv}\n", "line 2, column 26: unknown key `frmt`"},
	} {
		if _, err := ParseIn([]byte(c.spec), noVariables); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// Texts are as they are written, whatever else YAML would read them as.
func TestTextsAreAsWritten(t *testing.T) {
	s, err := ParseIn([]byte("version: 1\ndataset: 2024\ncolumns:\n- {name: 1e3, values: [1.10, 007, 0x1F, true, 2024-01-01, +5, 1_000]}\n"), noVariables)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(s.Columns[0].Values, " "); got != "1.10 007 0x1F true 2024-01-01 +5 1_000" || s.Dataset != "2024" || s.Columns[0].Name != "1e3" {
		t.Errorf("got %q, %+v", got, s)
	}
}

func TestEnvironment(t *testing.T) {
	env := func(name string) (string, bool) {
		v, ok := map[string]string{"NAME": "sales", "EPS": "0.5", "YES": "true", "N": "3", "EMPTY": "", "TRICK": "a: [b]\n- ${NAME}", "NUM": "007"}[name]
		return v, ok
	}
	s, err := ParseIn([]byte(`
version: 1
dataset: ${NAME}-${STAGE:-test}
privacy: {epsilon: "${EPS}", delta: "${DELTA:-1e-6}"}
source: {delimiter: "${EMPTY:-;}", header: "${YES}", skip_lines: "${N}"}
columns:
- name: ${TRICK}
  values: ["${NUM}", $$, "$${NAME}", US$, $5, "${EMPTY}x"]
- name: |-
    ${NAME}
focus: ["${NAME}"]
`), env)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"007", "$", "${NAME}", "US$", "$5", "x"}
	if s.Dataset != "sales-test" || s.Privacy != (Privacy{0.5, 1e-6}) || s.Source.Delimiter != ";" || !s.Source.Header || s.Source.SkipLines != 3 {
		t.Errorf("got %+v", s)
	}
	if s.Columns[0].Name != "a: [b]\n- ${NAME}" || !slices.Equal(s.Columns[0].Values, want) || s.Columns[1].Name != "sales" || s.Focus[0][0] != "sales" {
		t.Errorf("got %+v and %q", s.Columns, s.Focus)
	}
}

func TestEnvironmentErrors(t *testing.T) {
	env := func(name string) (string, bool) { return "hunter2", name == "SECRET" }
	for in, want := range map[string]string{
		"version: 1\ndataset: ${GONE}":                            "line 2, column 10: dataset: the environment variable GONE is not set",
		"version: 1\ndataset: ${1x}":                              "line 2, column 10",
		"version: 1\ndataset: \"${NAME\"":                         "${NAME:-default}",
		"version: ${SECRET}":                                      "line 1, column 10: version must be a whole number",
		"version: 1\nprivacy: {epsilon: \"${A}${B}\"}":            "A is not set",
		"version: 1\nsource: {no_header: \"${SECRET}\"}":          "true or false",
		"version: 1\nprivacy: {epsilon: \"${SECRET:-0.5}\"}":      "privacy.epsilon must be a number",
		"version: 1\n${SECRET}: x":                                "unknown key `${SECRET}`",
		"version: 1\ncolumns:\n- {name: a, kind: \"${KIND:-x}\"}": "unknown kind",
	} {
		_, err := ParseIn([]byte(in), env)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q gives %v, want %q", in, err, want)
		}
	}
}

// A draft's names come back through expand, whatever is in them.
func TestEscaped(t *testing.T) {
	for _, text := range []string{"", "$", "$$", "${A}", "$${A}", "a $ b", "$$$", "${", "US$ ${x"} {
		if got, _, err := expand(escaped(text), noVariables); got != text || err != nil {
			t.Errorf("%q comes back as %q (%v)", text, got, err)
		}
	}
}

func TestDigest(t *testing.T) {
	parse := func(text string) *Spec {
		s, err := ParseIn([]byte(text), func(name string) (string, bool) { return "1", name == "E" })
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := parse("version: 1\nprivacy: {epsilon: 1, delta: 0.1}\ncolumns: [{name: a, values: [x, y]}, {name: b, kind: date, day_first: false}]\nfocus: [a]\n")
	// Written down once: a digest is part of a run's key, and must be the same in later versions.
	if got, want := base.Digest(), "97d1b933a20737dd"; !strings.HasPrefix(got, want) {
		t.Errorf("the digest is %s, want %s…", got, want)
	}
	same := parse("# why\nversion: 1\nfocus: [[a]]\nsource: {}\ncolumns:\n- {values: [x, y], name: a}\n- {name: b, day_first: false, kind: date}\nprivacy: {delta: 0.1, epsilon: \"${E}\"}\n")
	if base.Digest() != same.Digest() {
		t.Error("order, comments and variables change the digest")
	}
	seen := map[string]string{base.Digest(): "nothing"}
	for name, change := range map[string]func(*Spec){
		"dataset": func(s *Spec) { s.Dataset = "x" },
		"epsilon": func(s *Spec) { s.Privacy.Epsilon = 2 },
		"value":   func(s *Spec) { s.Columns[0].Values = []string{"xy"} },
		"order":   func(s *Spec) { s.Columns[0].Values = []string{"y", "x"} },
		"learnt":  func(s *Spec) { s.Columns[1].DayFirst = nil },
		"true":    func(s *Spec) { s.Columns[1].DayFirst = new(true) },
		"focus":   func(s *Spec) { s.Focus = append(s.Focus, Focus{"b"}) },
		"slice":   func(s *Spec) { s.Focus = []Focus{{"a", "b"}} },
		"column":  func(s *Spec) { s.Columns = append(s.Columns, Column{Name: "c"}) },
		"header":  func(s *Spec) { s.Source.Header = true },
		"alone":   func(s *Spec) { s.Alone = true },
	} {
		s := parse("version: 1\nprivacy: {epsilon: 1, delta: 0.1}\ncolumns: [{name: a, values: [x, y]}, {name: b, kind: date, day_first: false}]\nfocus: [a]\n")
		change(s)
		if other, ok := seen[s.Digest()]; ok {
			t.Errorf("%s and %s have one digest", name, other)
		}
		seen[s.Digest()] = name
	}
}

// The schema and the Go types have the same keys, at every level.
func TestSchemaHasTheKeys(t *testing.T) {
	root := schemaTree(t)
	sameKeys(t, root, reflect.TypeFor[Spec](), "")
}

func sameKeys(t *testing.T, node map[string]any, typ reflect.Type, path string) {
	t.Helper()
	for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
		if items, ok := node["items"].(map[string]any); ok {
			node = items
		}
	}
	if typ.Kind() != reflect.Struct {
		if node["description"] == nil && path == "" {
			t.Errorf("%s has no description", path)
		}
		return
	}
	properties, _ := node["properties"].(map[string]any)
	keys := keysOf(typ)
	slices.Sort(keys)
	if have := slices.Sorted(maps.Keys(properties)); !slices.Equal(have, keys) {
		t.Errorf("%s: the schema has the keys %v, the Go type %v", pathOr(path, "the top"), have, keys)
	}
	for f := range typ.Fields() {
		if child, ok := properties[keyOf(f)].(map[string]any); ok {
			if child["description"] == nil {
				t.Errorf("%s.%s has no description", path, keyOf(f))
			}
			sameKeys(t, child, f.Type, path+"."+keyOf(f))
		}
	}
}

func schemaTree(t *testing.T) map[string]any {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// The schema takes what Parse takes, and refuses what it refuses unless that is beyond a schema.
func TestSchemaAgreesWithParse(t *testing.T) {
	root := schemaTree(t)
	for name, c := range samples {
		var value any
		if err := yaml.Unmarshal([]byte(c.spec), &value); err != nil {
			t.Fatal(err)
		}
		if got, want := conforms(root, root, value), c.want == "" || c.semantic; got != want {
			t.Errorf("%s: the schema takes it: %v, want %v", name, got, want)
		}
	}
}

// conforms holds a value against a schema, as far as this one's words go; an unknown word refuses everything.
func conforms(root, schema map[string]any, v any) bool {
	object, isObject := v.(map[string]any)
	list, isList := v.([]any)
	text, isText := v.(string)
	x, isNumber := number(v)
	for word, arg := range schema {
		ok := false
		switch word {
		case "$schema", "$defs", "title", "description":
			ok = true
		case "$ref":
			ok = conforms(root, root["$defs"].(map[string]any)[strings.TrimPrefix(arg.(string), "#/$defs/")].(map[string]any), v)
		case "type":
			ok = slices.ContainsFunc(many(arg), func(name any) bool { return name == typeName(v) || name == "number" && typeName(v) == "integer" })
		case "enum":
			ok = slices.Contains(arg.([]any), v)
		case "const":
			ok = isNumber && x == arg.(float64)
		case "anyOf":
			ok = slices.ContainsFunc(arg.([]any), func(s any) bool { return conforms(root, s.(map[string]any), v) })
		case "required":
			ok = !isObject || !slices.ContainsFunc(arg.([]any), func(key any) bool { _, has := object[key.(string)]; return !has })
		case "properties":
			ok = true
			for key, sub := range arg.(map[string]any) {
				if value, has := object[key]; has {
					ok = ok && conforms(root, sub.(map[string]any), value)
				}
			}
		case "additionalProperties":
			ok = true
			for key := range object {
				ok = ok && schema["properties"].(map[string]any)[key] != nil
			}
		case "items":
			ok = !slices.ContainsFunc(list, func(item any) bool { return !conforms(root, arg.(map[string]any), item) })
		case "minItems":
			ok = !isList || float64(len(list)) >= arg.(float64)
		case "minLength":
			ok = !isText || float64(len(text)) >= arg.(float64)
		case "pattern":
			ok = !isText || regexp.MustCompile(arg.(string)).MatchString(text)
		case "minimum":
			ok = !isNumber || x >= arg.(float64)
		case "maximum":
			ok = !isNumber || x <= arg.(float64)
		case "exclusiveMinimum":
			ok = !isNumber || x > arg.(float64)
		case "exclusiveMaximum":
			ok = !isNumber || x < arg.(float64)
		}
		if !ok {
			return false
		}
	}
	return true
}

func many(arg any) []any {
	if list, ok := arg.([]any); ok {
		return list
	}
	return []any{arg}
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case uint64:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

func typeName(v any) any {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case uint64, int64:
		return "integer"
	case float64:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}
