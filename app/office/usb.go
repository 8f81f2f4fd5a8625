package office

import (
	"context"
	"errors"

	"anxin/sync/client"
)

// UsbOut writes what waits for the hub into one file to be carried there on a
// USB stick; see client.UsbOut.
func (o *Office) UsbOut(ctx context.Context, path string) (client.Summary, error) {
	return o.Sync.UsbOut(ctx, path)
}

// UsbIn takes the file the hub answered with and publishes the keys it brought.
func (o *Office) UsbIn(ctx context.Context, path string) (client.Summary, error) {
	sum, err := o.Sync.UsbIn(ctx, path)
	if err != nil {
		return sum, err
	}
	err = errors.Join(o.formalise(ctx, &sum), o.PublishKeys(ctx))
	return sum, err
}
