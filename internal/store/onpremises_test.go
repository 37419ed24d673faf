package store_test

import (
	"testing"

	"greenlight/internal/store/storetest"
)

func TestOnPremises(t *testing.T) { storetest.RunOnPremises(t, open) }
