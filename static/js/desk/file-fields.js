// A file field shows the name of its file by itself. Unfold would write it into the first
// text field that it finds nearby, unless a file field says that it is listened to.

HTMLInputElement.prototype.hasChangeListener = true;
