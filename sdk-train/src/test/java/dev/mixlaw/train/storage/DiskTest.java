package dev.mixlaw.train.storage;

class DiskTest extends DiskContract {
  @Override
  protected Member member() {
    return new Member(directory, new Disk());
  }
}
