// Package mutants plants bugs and shows which test catches each: privacy bugs of the kinds that audits have found in other
// libraries, and bugs of the ledger. [testdata/mutants.txt] has them, each with the tests that must fail.
//
//	go test ./cmd/internal/mutants -mutants all -v -timeout 60m
//
// compiles the program with each bug in its place (nothing in the working copy changes), runs the tests that are named for it, and
// prints which of them failed. A bug that no test catches fails the run. Without -mutants it is only checked that every bug can
// still be planted: that the text it replaces is there once.
package mutants
