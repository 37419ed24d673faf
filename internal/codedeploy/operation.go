package codedeploy

// OutputKind tells what the body of a successful answer holds (api.md 1.2).
type OutputKind int

// The three kinds of answers.
const (
	OutputNone    OutputKind = iota // no output shape in the model: an empty body
	OutputEmpty                     // an output shape without members: the body {}
	OutputMembers                   // an output shape with members
)

// Operation is one operation of the service model.
type Operation struct {
	Name       string          // as in X-Amz-Target, after the dot
	NewInput   func() any      // a new pointer to the operation's input structure
	Output     OutputKind      // what a success looks like
	Exceptions []ExceptionCode // the modelled exceptions, in the model's order
	Deprecated bool            // AWS advises another operation; it works all the same
}

// OperationNamed returns the operation of that name; names are case-sensitive.
func OperationNamed(name string) (Operation, bool) {
	for _, operation := range Operations {
		if operation.Name == name {
			return operation, true
		}
	}
	return Operation{}, false
}
