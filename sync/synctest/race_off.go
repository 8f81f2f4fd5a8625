//go:build !race

package synctest

// DefaultSeeds is how many stories are told where none are asked for.
const DefaultSeeds = 2000

// diskSeeds is the same for stories on disk.
const diskSeeds = 50

// fireSeeds is the same for stories of fires.
const fireSeeds = 200

// controlSeeds is how many sound stories stand beside the planted mistakes.
const controlSeeds = 30

// cutStep is the distance between two cuts of a line, in bytes.
const cutStep = 7
