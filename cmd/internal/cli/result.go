package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/patina-data/patina/dp/ledger"
)

// resultSchema names the form of result files. Fields may be added to it; what is there keeps its name and meaning.
const resultSchema = "patina.result/1"

// The states of a command that ended.
const (
	statusOK          = "ok"
	statusAlready     = "already_made" // an earlier run of the same key made it; nothing was spent
	statusFailed      = "failed"
	statusInterrupted = "interrupted"
)

// A result is what --result-file holds: how a command ended, for the program that started it. There is nothing private in it.
type result struct {
	Schema      string `json:"schema"`
	Status      string `json:"status"`
	ExitCode    int    `json:"exit_code"`
	Error       string `json:"error"` // "" unless it failed
	Hint        string `json:"hint"`
	Command     string `json:"command"` // without patina itself
	Version     string `json:"version"`
	RunID       string `json:"run_id"`
	Dataset     string `json:"dataset"`     // the ledger account; "" for commands without
	Reservation string `json:"reservation"` // the ledger's receipt; "" if nothing was reserved
	Output      string `json:"output"`      // path, as given; "" if nothing was written
	Digest      string `json:"digest"`      // SHA-256 of a profile, "sha256:…"
	Spent       spent  `json:"spent"`
	Started     string `json:"started"` // RFC 3339, UTC
	Finished    string `json:"finished"`
}

// A spent is what a command took from its account for good: what it reserved, also when it failed after that.
type spent struct {
	Epsilon float64 `json:"epsilon"`
	Delta   float64 `json:"delta"`
	Rho     float64 `json:"rho"` // of Epsilon, without the thresholds' part of Delta
}

// reserved notes what was set aside.
func (r *result) reserved(res ledger.Reservation) {
	r.Reservation = res.ID
	r.Spent = spent{float64(res.Ask.Epsilon), float64(res.Ask.Delta), float64(res.Ask.Amount.Rho)}
}

// timestamp is the time as results hold it.
func timestamp() string { return time.Now().UTC().Format(time.RFC3339) }

// end notes how the command ended.
func (r *result) end(code int, err error) {
	r.Schema, r.ExitCode, r.Version, r.Finished = resultSchema, code, version(), timestamp()
	switch {
	case code == exitInterrupt || code == exitTerminate:
		r.Status = statusInterrupted
	case code != exitOK:
		r.Status = statusFailed
	case r.Status == "":
		r.Status = statusOK
	}
	if err == nil {
		return
	}
	r.Error, r.Output, r.Digest = err.Error(), "", ""
	var h *hintError
	if errors.As(err, &h) {
		r.Hint = h.hint
	}
}

// write replaces the file at path.
func (r *result) write(path string) error {
	if err := replaceable(path); err != nil {
		return err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return writeFile(path, b.Bytes(), true)
}

// replaceable checks that what is at path, if there is something, is the result of an earlier command: a result is written over it
// without being asked, and nothing else may be lost that way.
func replaceable(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 64))
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	if start, ok := bytes.CutPrefix(head, []byte("{\n  \"schema\": \"patina.result/")); !ok || len(start) == 0 {
		return fmt.Errorf("--result-file %s: the file is not the result of an earlier command, and stays: give another name", path)
	}
	return nil
}

// resultPath finds the value of --result-file among arguments that could not be parsed, so that a wrong command line has its result
// too.
func resultPath(args []string) string {
	for i, arg := range args {
		if path, ok := strings.CutPrefix(arg, "--result-file="); ok {
			return path
		}
		if arg == "--result-file" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// version returns the version of this program as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
