# Runs a server in a folder of its own, and ends both when whoever started this is gone.
#
# The one argument is the folder, which must not be there yet. Each line read is a word and mostly the name of a
# script in the folder; each is answered with one line:
#
#   run NAME     runs the script to its end; the answer is its exit status
#   start NAME   starts the server with the script, which execs it; the answer is its process id
#   limit BYTES  keeps the files that the server and what it started write from growing beyond so many bytes;
#                with `unlimited` they may grow again
#   kill         kills the server and what it started, all at once; the answer comes when it is gone
#
# The end of the input is the end of the server and of its folder. It comes however the other side ends: the
# kernel closes the pipe.
folder=$1
mkdir -m 700 "$folder" || exit 1
cd "$folder" || exit 1
exec 2>>log

# These are for whoever started this, which then ends and closes the pipe. A trap, unlike to ignore them,
# is not handed down.
trap : HUP INT TERM PIPE

# For a server a file that may not grow is like a full disk: an error, and no signal. What is ignored is handed
# down.
trap '' XFSZ

server=
kill_server() {
    [ -n "$server" ] || return 0
    # shellcheck disable=SC2046
    kill -s KILL "$server" $(cat "/proc/$server/task/$server/children" 2>/dev/null) 2>/dev/null
    wait "$server" 2>/dev/null
    server=
    # What PostgreSQL leaves in the kernel when it is killed.
    if [ -f data/postmaster.pid ]; then
        segment=$(sed -n '7s/.* //p' data/postmaster.pid)
        [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null
    fi
}

echo ready
while read -r word script; do
    case $word in
        run)
            sh "./$script" </dev/null >>log 2>&1
            echo $?
            ;;
        start)
            sh "./$script" </dev/null >>log 2>&1 &
            server=$!
            echo "$server"
            ;;
        limit)
            # The server first: what it starts from then on has its limit. One of the others may have ended.
            if prlimit --pid "$server" --fsize="$script:"; then
                for process in $(cat "/proc/$server/task/$server/children"); do
                    prlimit --pid "$process" --fsize="$script:"
                done
                echo done
            else
                echo failed
            fi
            ;;
        kill)
            kill_server
            echo gone
            ;;
    esac
done
kill_server
cd /
# A process that was killed may still be writing its last file.
for _ in 1 2 3 4 5; do
    rm -rf "$folder" && break
    sleep 0.2
done
