// Package policy holds the repository's rules as tests, and nothing that runs.
//
//  1. The files of the checkout are listed, less what .gitignore names, and the Go files parsed. Nothing is built,
//     fetched or executed.
//  2. Each rule is a function from files to violations: which package may import which, where the vault's exits are,
//     what may be printed, what the texts may say, what the proof refers to.
//  3. Each rule is run on the repository, where it must find nothing, and on a small source made up to break it, where
//     it must.
//
// A rule that matches no file or package fails: it would protect nothing.
package policy
