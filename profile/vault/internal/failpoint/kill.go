//go:build failpoint

package failpoint

import "os"

// Here kills the process, as kill -9 does, if this is the step that PATINA_FAILPOINT names.
func Here(step string) {
	if os.Getenv("PATINA_FAILPOINT") != step {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}
