# Counts with the sqlite3 gem and with the library in turn, in one process: count.rb LIBRARY DATABASE SECONDS WITH
require "fiddle"
require "sqlite3"

library, database, seconds, with = ARGV
dl = Fiddle.dlopen(library)
int, text = Fiddle::TYPE_INT, Fiddle::TYPE_VOIDP
install = Fiddle::Function.new(dl["ours_install"], [], Fiddle::TYPE_VOID)
open = Fiddle::Function.new(dl["ours_open"], [text], int)
run = Fiddle::Function.new(dl["ours_run"], [int, text], int)
close = Fiddle::Function.new(dl["ours_close"], [int], Fiddle::TYPE_VOID)
install.call if with == "with"

counted = errors = 0
finish = Time.now + seconds.to_f
while Time.now < finish
  begin
    host = SQLite3::Database.new(database)
    host.busy_timeout = 60_000
    host.execute("BEGIN IMMEDIATE")
    value = host.get_first_value("SELECT v FROM n")
    # Ours reads and closes while the host is about to write.
    handle = open.call(database)
    run.call(handle, "SELECT v FROM n")
    close.call(handle)
    sleep(0.001)
    host.execute("UPDATE n SET v = ?", [value + 1])
    host.execute("COMMIT")
    counted += 1
  rescue SQLite3::Exception
    errors += 1
  ensure
    host&.close
  end
  handle = open.call(database)
  code = run.call(handle, "PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE; UPDATE n SET v = v + 1; COMMIT")
  code.zero? ? counted += 1 : errors += 1
  close.call(handle)
  sleep(0.001)
end
puts "#{counted} #{errors}"
