package record

import (
	"context"
	"sync/atomic"
)

// A batcher collects rows and hands them on, a batch at a time, across files.
type batcher struct {
	ctx     context.Context
	emit    func(*Batch) error
	done    *atomic.Int64 // bytes gone through, of the files as they are
	stopped error         // what emit or ctx said; the reader in charge returns it and Read passes it on as it is

	limit  int
	rows   int
	cells  [][]Cell // [column][limit]
	shapes []int16  // [limit], all zero when irregular is false
	ragged bool     // some row of the batch has a shape
	others []int    // [limit], of JSON lines
	orders [][]byte // [limit], of JSON lines
	out    Batch
}

// maxBatchCells bounds the memory of a batch of a wide table: at 24 bytes a cell, 24 MB.
const maxBatchCells = 1 << 20

func newBatcher(ctx context.Context, columns, limit int, emit func(*Batch) error) *batcher {
	limit = max(1, min(limit, maxBatchCells/max(1, columns)))
	b := &batcher{ctx: ctx, emit: emit, limit: limit, cells: make([][]Cell, columns), shapes: make([]int16, limit)}
	for i := range b.cells {
		b.cells[i] = make([]Cell, limit)
	}
	b.out.Cells = make([][]Cell, columns)
	return b
}

// keepOrder makes room for what JSON records have beyond cells.
func (b *batcher) keepOrder() {
	if b.others == nil {
		b.others, b.orders = make([]int, b.limit), make([][]byte, b.limit)
	}
}

// end closes the row whose cells the caller has set at index b.rows, and flushes a full batch.
func (b *batcher) end(shape int16) error {
	if shape != 0 {
		b.shapes[b.rows] = shape
		b.ragged = true
	}
	if b.rows++; b.rows < b.limit {
		return nil
	}
	return b.flush()
}

// flush emits what has been collected, if anything.
func (b *batcher) flush() error {
	if b.stopped = b.ctx.Err(); b.stopped != nil || b.rows == 0 {
		return b.stopped
	}
	b.out.Rows, b.out.Shapes = b.rows, nil
	for i := range b.cells {
		b.out.Cells[i] = b.cells[i][:b.rows]
	}
	if b.ragged {
		b.out.Shapes = b.shapes[:b.rows]
	}
	if b.others != nil {
		b.out.Others, b.out.Orders = b.others[:b.rows], b.orders[:b.rows]
	}
	if b.stopped = b.emit(&b.out); b.stopped != nil {
		return b.stopped
	}
	if b.ragged {
		clear(b.shapes)
	}
	b.rows, b.ragged = 0, false
	b.stopped = b.ctx.Err()
	return b.stopped
}

// Keep drops the rows of a batch that a reader made, but for those that keep names.
func (b *Batch) Keep(keep func(row int) bool) {
	kept := 0
	for i := range b.Rows {
		if !keep(i) {
			continue
		}
		if kept != i {
			b.move(i, kept)
		}
		kept++
	}
	b.Rows = kept
	for i := range b.Cells {
		b.Cells[i] = b.Cells[i][:kept]
	}
	if b.Shapes != nil {
		b.Shapes = b.Shapes[:kept]
	}
	if b.Others != nil {
		b.Others, b.Orders = b.Others[:kept], b.Orders[:kept]
	}
}

// move puts a row in the place of another. Orders change places, because the reader uses their memory again.
func (b *Batch) move(from, to int) {
	for _, cells := range b.Cells {
		cells[to] = cells[from]
	}
	if b.Shapes != nil {
		b.Shapes[to] = b.Shapes[from]
	}
	if b.Others != nil {
		b.Others[to] = b.Others[from]
		b.Orders[to], b.Orders[from] = b.Orders[from], b.Orders[to]
	}
}
