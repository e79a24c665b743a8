// What a diagram that is only looked at says.
export default {};
