package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/profile/record"
)

type budgetExportOptions struct {
	accountOptions
	output string
	force  bool
}

func newBudgetExportCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetExportOptions{accountOptions: accountOptions{globals: g}}
	cmd := &cobra.Command{
		Use:   "export [NAME] -o FILE",
		Short: "Write the ledger's entries to a file",
		Long: `Writes the entries of an account, or of all, to Parquet, CSV or JSON lines, or as one JSON document, as the extension says:
for an archive, or to have the chain of hashes recomputed by somebody else. dp/ledger documents how an entry is hashed.

Columns, and fields of JSON: seq, time, kind, dataset, payload, prev, hash.`,
		Example: example("patina budget export --ledger patina-demo/ledger.db -o entries.parquet",
			"patina budget export contracts --ledger patina-demo/ledger.db -o entries.json"),
		Args: between(0, 1, "at most one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			if err := requireOutput(cmd, opts.output, "entries.parquet"); err != nil {
				return err
			}
			return runBudgetExport(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVarP(&opts.output, "output", "o", "", "the file to write: .parquet, .csv, .jsonl or .json")
	cmd.Flags().BoolVar(&opts.force, "force", false, "replace an existing file")
	opts.ledger.register(cmd.Flags())
	return cmd
}

// An exported is the result of an export.
type exported struct {
	File    string `json:"file"`
	Entries int    `json:"entries"`
}

func runBudgetExport(ctx context.Context, opts *budgetExportOptions, streams Streams) error {
	if err := distinctOutput(opts.output, opts.ledger.location(streams)); err != nil {
		return err
	}
	log, err := readLog(ctx, &opts.accountOptions, streams)
	if err != nil {
		return err
	}
	if err := log.export(opts.output, opts.force); err != nil {
		return err
	}
	return opts.printer(streams).print(exported{opts.output, len(log.Entries)}, func(s *screen) {
		s.verdict("wrote %s: %s of %s", opts.output, plural(len(log.Entries), "entry", "entries"), log.Ledger)
	})
}

// export writes the entries in the format that the extension says.
func (l budgetLog) export(path string, force bool) error {
	if strings.EqualFold(filepath.Ext(path), ".json") {
		text, err := json.MarshalIndent(l, "", "  ")
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		return writeFile(path, append(text, '\n'), force)
	}
	t := newSheet("seq:int64", "time:"+momentType, "kind:string", "dataset:string", "payload:string", "prev:string", "hash:string")
	for _, e := range l.Entries {
		t.add(strconv.FormatInt(e.Seq, 10), momentCell(e.Time), string(e.Kind), e.Dataset, e.Payload, e.Prev, e.Hash)
	}
	return t.write(path, force)
}

// A sheet is a table of known types in the making, to be written as Parquet, CSV or JSON lines.
type sheet struct {
	schema record.Schema
	batch  record.Batch
}

// momentType is the type of columns that hold a moment.
const momentType = "timestamp[ms, tz=UTC]"

// momentCell writes a moment as a cell of that type.
func momentCell(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z07:00") }

// newSheet makes an empty sheet of columns given as name:type.
func newSheet(columns ...string) *sheet {
	s := &sheet{schema: record.Schema{Format: record.Parquet}}
	for _, c := range columns {
		name, kind, _ := strings.Cut(c, ":")
		s.schema.Columns = append(s.schema.Columns, record.Column{Name: name, Type: record.Type(kind), Nullable: true})
	}
	s.batch.Cells = make([][]record.Cell, len(columns))
	return s
}

// add adds a row of cells as text; "" in a column that is no text is null.
func (s *sheet) add(cells ...string) {
	for i, text := range cells {
		cell := record.Cell{Tag: record.Text, Text: text}
		switch kind := s.schema.Columns[i].Type; {
		case kind == record.StringType:
		case text == "":
			cell = record.Cell{Tag: record.Null}
		case kind != momentType:
			cell.Tag = record.Number
		}
		s.batch.Cells[i] = append(s.batch.Cells[i], cell)
	}
	s.batch.Rows++
}

// write writes the sheet in the format that the extension says.
func (s *sheet) write(path string, force bool) error {
	w, err := record.Create(path, s.schema, record.WriteOptions{Force: force})
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := w.Write(&s.batch); err != nil {
		return err
	}
	return w.Commit()
}
