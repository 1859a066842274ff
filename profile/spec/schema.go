package spec

import _ "embed" // for the schema

//go:embed schema.json
var schema []byte

// Schema returns patina.yaml's form as a JSON Schema (draft 2020-12), with which editors complete and check what is typed. Parse
// checks more: that names differ, and that what is said of a column goes together.
func Schema() []byte { return append([]byte(nil), schema...) }
