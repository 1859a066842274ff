// Command patina makes differentially private profiles of tables, and synthetic tables of profiles.
package main

import (
	"os"

	"github.com/patina-data/patina/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.OSStreams()))
}
