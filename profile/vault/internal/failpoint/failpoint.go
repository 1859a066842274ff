//go:build !failpoint

// Package failpoint names the steps between which a run can be killed. Here does nothing and is compiled away, unless the
// build has the tag failpoint, as the binaries of tests have: then the process ends itself at the step that the environment names.
package failpoint

// Here is a step of a run.
func Here(string) {}
