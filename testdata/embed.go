// Package testdata holds small public tables for the demo and the tests. README.md has their sources and licences.
package testdata

import _ "embed"

// Contracts is a CSV file of US federal IT contracts with a header line.
//
//go:embed contracts.csv
var Contracts []byte
