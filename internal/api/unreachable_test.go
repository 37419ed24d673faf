package api_test

import "greenlight/internal/codedeploy"

// unreachable are the exceptions that the model attaches to an operation and
// that cannot occur here, each with the reason; without an operation it is the
// same for all that have it. An empty exception is a good answer.
var unreachable = []struct {
	operation string
	exception codedeploy.ExceptionCode
	why       string
}{}
