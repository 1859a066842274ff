//go:build failpoint

package failpoint

import (
	"os"
	"syscall"
)

// Here kills the process, as kill -9 does, if this is the step that PATINA_FAILPOINT names. PATINA_FAILPOINT_HOW ends it otherwise:
// quit by the signal at which Go prints what the process is doing, and any other text by a panic that says it.
func Here(step string) {
	if os.Getenv("PATINA_FAILPOINT") != step {
		return
	}
	var end os.Signal = os.Kill
	switch how := os.Getenv("PATINA_FAILPOINT_HOW"); how {
	case "":
	case "quit":
		end = syscall.SIGQUIT
	default:
		panic(how)
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(end)
	}
	if err != nil {
		panic(err)
	}
	select {}
}
