using FollowUp.Data.Concurrency;
using FollowUp.Data.Context;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>What staff order for single sessions. Each command is one transaction with its audit; the same command twice changes nothing the second time.</summary>
public sealed class SessionCommandStore
{
    private readonly Store _store;
    private readonly SessionCommands _commands;
    private readonly IClock _clock;

    internal SessionCommandStore(Store store, SessionCommands commands, IClock clock) => (_store, _commands, _clock) = (store, commands, clock);

    /// <summary>Does a command, or says what forbids it.</summary>
    /// <param name="key">The session.</param>
    /// <param name="command">The command; it must name the step or the version that its kind needs.</param>
    /// <param name="actor">Who gave it, for the audit.</param>
    /// <param name="cancellation">Gives up; nothing was changed.</param>
    /// <param name="precondition">What the caller believes the session to be.</param>
    /// <exception cref="PreconditionFailedException">The session is not as the caller believes, and the command would change it.</exception>
    public Task<CommandResult> RunAsync(
        SessionKey key, SessionCommand command, string actor, CancellationToken cancellation, Precondition? precondition = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _store.WriteAsync(async db =>
        {
            var now = _clock.GetCurrentInstant();
            var (ruling, truth) = await _commands.RuleAsync(db, key, command, now, cancellation);
            if (truth is not null && ruling.Verdict != CommandVerdict.Unchanged)
            {
                precondition?.Require(EntityTag.Of(truth.Session));
            }

            if (ruling.Verdict != CommandVerdict.Done)
            {
                // Nothing of what the rule has tried is kept.
                db.ChangeTracker.Clear();
                return new CommandResult(ruling.Verdict, ruling.Reason, await SessionStore.ViewAsync(db, key, cancellation), []);
            }

            var affected = await _commands.ApplyAsync(db, ruling, truth!, command, actor, now, cancellation);
            return new CommandResult(CommandVerdict.Done, null, await SessionStore.ViewAsync(db, key, cancellation), affected);
        }, cancellation);
    }
}
