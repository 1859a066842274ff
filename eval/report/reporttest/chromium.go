package reporttest

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// A browser is a headless Chromium, spoken to in its debugging protocol over two pipes: messages of JSON that end in a
// zero byte.
type browser struct {
	in  io.Writer
	out *bufio.Reader
	id  int
}

// An event is a message that nobody asked for.
type event struct {
	Method string
	Params json.RawMessage
}

// patience bounds a whole visit: a browser that says nothing any more is killed.
const patience = 90 * time.Second

// find returns the path of a Chromium, "" if there is none.
func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start runs a browser until the test ends.
func start(t testing.TB) *browser {
	t.Helper()
	path := find()
	if path == "" && os.Getenv("PATINA_TEST_BROWSER") == "required" {
		t.Fatal("no Chromium is on the path, and PATINA_TEST_BROWSER=required: install chromium")
	}
	if path == "" {
		t.Skip("no Chromium is on the path")
	}
	theirIn, in := pipe(t)
	out, theirOut := pipe(t)
	// The sandbox needs rights that root and containers do not have; what is opened is our own file.
	ctx, stop := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+scratch(t), "--remote-debugging-pipe", "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := cmd.Start(); err != nil {
		stop()
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	t.Cleanup(func() {
		stop()
		cmd.Wait()
		in.Close()
		out.Close()
	})
	return &browser{in: in, out: bufio.NewReader(out)}
}

func pipe(t testing.TB) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// A tab is a page that the browser shows.
type tab struct {
	*browser
	target, session string
	events          []event
}

func (b *browser) open(t testing.TB) *tab {
	t.Helper()
	p := &tab{browser: b}
	var created struct{ TargetID string }
	p.call(t, "Target.createTarget", map[string]any{"url": "about:blank"}, &created)
	var attached struct{ SessionID string }
	p.call(t, "Target.attachToTarget", map[string]any{"targetId": created.TargetID, "flatten": true}, &attached)
	p.target, p.session = created.TargetID, attached.SessionID
	return p
}

func (p *tab) close(t testing.TB) {
	t.Helper()
	p.session = ""
	p.call(t, "Target.closeTarget", map[string]any{"targetId": p.target}, nil)
}

// call sends a command and reads until its answer, which it decodes into result unless that is nil.
func (p *tab) call(t testing.TB, method string, params map[string]any, result any) {
	t.Helper()
	p.id++
	message := map[string]any{"id": p.id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if p.session != "" {
		message["sessionId"] = p.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.in.Write(append(text, 0)); err != nil {
		t.Fatalf("tell the browser %s: %v", method, err)
	}
	for p.read(t, method, result) != p.id {
	}
}

// wait reads until an event.
func (p *tab) wait(t testing.TB, method string) {
	t.Helper()
	is := func(e event) bool { return e.Method == method }
	for !slices.ContainsFunc(p.events, is) {
		p.read(t, method, nil)
	}
}

// read takes in one message and returns the number of the command that it answers, 0 for an event.
func (p *tab) read(t testing.TB, method string, result any) int {
	t.Helper()
	text, err := p.out.ReadBytes(0)
	if err != nil {
		t.Fatalf("wait for the browser's %s: %v", method, err)
	}
	var m struct {
		ID     int
		Result json.RawMessage
		Error  json.RawMessage
		event
	}
	if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
		t.Fatalf("read the browser's answer to %s: %v", method, err)
	}
	if m.ID == 0 {
		p.events = append(p.events, m.event)
		return 0
	}
	if len(m.Error) > 0 {
		t.Fatalf("the browser refuses %s: %s", method, m.Error)
	}
	if result != nil && m.ID == p.id {
		if err := json.Unmarshal(m.Result, result); err != nil {
			t.Fatalf("read the browser's answer to %s: %v", method, err)
		}
	}
	return m.ID
}

// scratch is a folder that the browser may still write to while it is removed: what it leaves then is no test's failure.
func scratch(t testing.TB) string {
	dir, err := os.MkdirTemp("", "browser-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
