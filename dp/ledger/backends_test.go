package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// onEach runs a test on every kind of database. Which one it is on is part of the test's name, where newLedger and
// location find it.
func onEach(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	for _, backend := range []string{"sqlite", "postgres"} {
		t.Run(backend, test)
	}
}

func onPostgres(t *testing.T) bool {
	return slices.Contains(strings.Split(t.Name(), "/"), "postgres")
}

// location returns where there is no ledger yet.
func location(t *testing.T) string {
	t.Helper()
	if !onPostgres(t) {
		return filepath.Join(t.TempDir(), "ledger.db")
	}
	return fmt.Sprintf("%s?search_path=ledger_%d", postgresServer(t), schemas.Add(1))
}

// schemas counts the ledgers in the test's database: each has a schema of its own.
var schemas atomic.Int64

// postgresPassword has what an URL must escape and a log must not show.
const postgresPassword = "s3cret/@:pass"

// postgresServer returns the URL of a server's database, started for the test binary. Without PostgreSQL's programs it
// skips the test, or fails it where PATINA_TEST_POSTGRES=required says that they must be there.
func postgresServer(t *testing.T) string {
	t.Helper()
	server, err := startedServer()
	switch {
	case errors.Is(err, exec.ErrNotFound) && os.Getenv("PATINA_TEST_POSTGRES") != "required":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	return server.url
}

var startedServer = sync.OnceValues(startServer)

// A server is a PostgreSQL server of our own.
type server struct {
	url    string
	folder string
	lead   func() error // closes the pipe that keeps it alive
	cmd    *exec.Cmd
}

// program finds one of PostgreSQL's programs, which Debian keeps out of the PATH.
func program(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s of PostgreSQL: install the package postgresql: %w", name, exec.ErrNotFound)
	}
	return slices.MaxFunc(found, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }), nil
}

func startServer() (*server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := program("postgres")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "patina-postgres-")
	if err != nil {
		return nil, err
	}
	password := filepath.Join(folder, "password")
	if err := os.WriteFile(password, []byte(postgresPassword), 0o600); err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	init := exec.Command(initdb, "-D", data, "-U", "patina", "-A", "scram-sha-256", "--pwfile="+password, "-E", "UTF8", "--locale=C", "--no-sync")
	init.Dir = folder
	if err := unprivileged(init, folder, password); err != nil {
		return nil, err
	}
	if out, err := init.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	for try := 1; ; try++ { // another process may take the port that was found free
		s, err := launch(postgres, data, folder)
		if err == nil || try == 3 {
			return s, err
		}
	}
}

// launch starts a server that ends when this process does: a shell waits for the end of a pipe and then stops it.
func launch(postgres, data, folder string) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().(*net.TCPAddr)
	if err := listener.Close(); err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", "-c", `"$@" & cat; kill -INT $!; wait`, "sh", postgres, "-D", data,
		"-c", "listen_addresses=127.0.0.1", "-c", fmt.Sprintf("port=%d", address.Port), "-c", "unix_socket_directories=",
		"-c", "max_connections=100", "-c", "shared_buffers=16MB", "-c", "logging_collector=off")
	cmd.Dir = folder
	if err := unprivileged(cmd); err != nil {
		return nil, err
	}
	lead, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{folder: folder, lead: lead.Close, cmd: cmd, url: fmt.Sprintf("postgres://patina:s3cret%%2F%%40%%3Apass@%s/postgres", address)}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		p, err := newPostgres(s.url)
		if err != nil {
			return nil, err
		}
		db, err := p.open(context.Background())
		if err == nil {
			return s, db.Close()
		}
		if time.Now().After(end) {
			return nil, errors.Join(fmt.Errorf("PostgreSQL did not start: %w", err), s.stop())
		}
	}
}

func (s *server) stop() error {
	if err := s.lead(); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// stopServer stops the server if a test has started one.
func stopServer() {
	if !serverStarted() {
		return
	}
	if s, err := startedServer(); err == nil {
		if err := errors.Join(s.stop(), os.RemoveAll(s.folder)); err != nil {
			fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		}
	}
}

// serverStarted reports whether a test asked for a ledger in PostgreSQL.
func serverStarted() bool { return schemas.Load() > 0 }
