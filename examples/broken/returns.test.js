import 'node:test';

// test('goods that come back are in stock again');
// test('money goes back the way it came');
