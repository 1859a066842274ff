package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

type initOptions struct {
	*globals
	data   []string
	output string
	force  bool
	schema bool
	source sourceFlags
}

// stdout is the -o that stands for standard output.
const stdout = "-"

func newInitCommand(g *globals, streams Streams) *cobra.Command {
	opts := &initOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "init DATA…",
		Short: "Draft a spec from the schema and the column names",
		Long: `Reads the schema of the data (a CSV header line, a Parquet footer; no row) and drafts a spec to edit: what is public about
the dataset. A profile does not need a spec, but declared kinds and categories cost no budget.

--schema prints the spec's JSON Schema instead, by which editors complete keys and mark mistakes.

JSON: spec, dataset, format, columns.`,
		Example: example("patina init patina-demo/contracts.csv", "patina init patina-demo/contracts.csv -o -", "patina init --schema"),
		Args: func(cmd *cobra.Command, args []string) error {
			if opts.schema {
				return between(0, 0, "no data with --schema")(cmd, args)
			}
			return between(1, -1, "the data: files, directories or patterns")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if opts.schema {
				return printSchema(streams)
			}
			opts.data = args
			return runInit(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVarP(&opts.output, "output", "o", "patina.yaml", "the spec to write; - for standard output")
	cmd.Flags().BoolVar(&opts.force, "force", false, "replace an existing spec")
	cmd.Flags().BoolVar(&opts.schema, "schema", false, "print the JSON Schema of specs, and draft none")
	opts.source.register(cmd.Flags())
	return cmd
}

func printSchema(streams Streams) error {
	if _, err := streams.Out.Write(spec.Schema()); err != nil {
		return fmt.Errorf("print the schema: %w", err)
	}
	return nil
}

// A drafted is the result of drafting.
type drafted struct {
	Spec    string        `json:"spec"` // path
	Dataset string        `json:"dataset"`
	Format  record.Format `json:"format"`
	Columns int           `json:"columns"` // 0 for JSON lines, whose keys are data
}

func runInit(_ context.Context, opts *initOptions, streams Streams) error {
	empty := &spec.Spec{Version: spec.Version}
	src, err := openSource(opts.data, &opts.source, empty)
	if err != nil {
		return err
	}
	if err := distinctOutput(opts.output, append(src.Files(), new(ledgerFlag).location(streams))...); err != nil {
		return err
	}
	schema := src.Schema()
	d := drafted{Spec: opts.output, Dataset: cmp.Or(datasetName("", empty, opts.data, src), "data"), Format: schema.Format, Columns: len(schema.Columns)}
	if opts.output == stdout {
		return spec.Draft(streams.Out, schema, d.Dataset)
	}
	if err := writeDraft(opts.output, schema, d.Dataset, "", opts.force); err != nil {
		return err
	}
	return opts.printer(streams).print(d, func(s *screen) {
		if d.Format == record.JSONL {
			s.verdict("wrote %s; which keys the records have is data, so no line was read: declare what is public", d.Spec)
		} else {
			s.verdict("wrote %s: a draft for %s, from the schema alone; read it and correct it", d.Spec, plural(d.Columns, "column"))
		}
		s.next("patina budget init "+d.Dataset+" --epsilon 8 --delta 1e-5",
			"patina profile "+shellWord(opts.data[0])+" -s "+shellWord(d.Spec)+" --epsilon 1 --delta 1e-6 -o "+d.Dataset+".parquet")
	})
}

// writeDraft writes a drafted spec, and more after it, to a file.
func writeDraft(path string, schema record.Schema, dataset, more string, force bool) error {
	var draft bytes.Buffer
	if err := spec.Draft(&draft, schema, dataset); err != nil {
		return err
	}
	draft.WriteString(more)
	return writeFile(path, draft.Bytes(), force)
}

// writeFile writes a file in one step.
func writeFile(path string, data []byte, force bool) error {
	f, err := record.CreateAtomic(path, force)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Commit()
}
