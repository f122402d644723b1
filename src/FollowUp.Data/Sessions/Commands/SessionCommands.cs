using FollowUp.Data.Alerts;
using FollowUp.Data.Context;
using FollowUp.Data.Planning;
using FollowUp.Data.Plans;
using FollowUp.Data.Rows;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace FollowUp.Data.Sessions.Commands;

/// <summary>Does one command to one session, in the caller's transaction: the rule, the change, its audit and its consequences.</summary>
internal sealed class SessionCommands(
    SessionPlanner planner, PatientSessions sessions, PlanVersions plans, SendRules rules)
{
    private readonly SessionRules _session = new(planner);
    private readonly StepRules _step = new(planner);
    private readonly SendNowRule _sendNow = new(planner);
    private readonly PlanMoves _moves = new(plans, rules);

    /// <summary>
    /// Whether the command may be done, by the same rules that do it. What it has changed in memory must be saved only if it may, and is
    /// dropped with the context otherwise.
    /// </summary>
    /// <returns>The session is null when there is none.</returns>
    public async Task<(Ruling Ruling, SessionTruth? Session)> RuleAsync(
        FollowUpContext db, SessionKey key, SessionCommand command, Instant now, CancellationToken cancellation)
    {
        if (await SessionTruth.LoadAsync(db, key, plans, rules, cancellation) is not { } truth)
        {
            return await db.Clinics.AnyAsync(row => row.Id == key.Clinic, cancellation)
                ? (new Ruling(CommandVerdict.UnknownSession, "The clinic has no such session."), null)
                : (new Ruling(CommandVerdict.UnknownClinic, "There is no such clinic."), null);
        }

        var row = command.Step is { } step ? truth.Steps.Find(row => row.Step == step) : null;
        var first = FirstRules.Of(command, truth.Session, row, now);
        if (first is { Verdict: not CommandVerdict.Done })
        {
            return (first, truth);
        }

        switch (command)
        {
            case { Kind: SessionCommandKind.Pause }:
                await _session.PauseAsync(db, truth, now, cancellation);
                break;
            case { Kind: SessionCommandKind.Resume }:
                await _session.ResumeAsync(db, truth, now, cancellation);
                break;
            case { Kind: SessionCommandKind.Cancel }:
                SessionRules.Cancel(truth, now);
                break;
            case { Kind: SessionCommandKind.Retry, Step: null }:
                await _session.RetryAsync(db, truth, now, cancellation);
                break;
            case { Kind: SessionCommandKind.Skip }:
                await _step.SkipAsync(db, truth, row!, now, cancellation);
                break;
            case { Kind: SessionCommandKind.Retry }:
                return (await _step.RetryAsync(db, truth, row!, now, cancellation), truth);
            case { Kind: SessionCommandKind.SendNow, Step: not null }:
                return (await _sendNow.RuleAsync(db, truth, row!, now, cancellation), truth);
            case { Kind: SessionCommandKind.MoveToPlan, PlanVersion: { } version }:
                return (await _moves.MoveAsync(db, truth, version, now, cancellation), truth);
            default:
                throw new ArgumentException($"The command {command.Kind} lacks what it needs.", nameof(command));
        }

        return (first!, truth);
    }

    /// <summary>Saves what a ruling that may be done has changed, with all that follows from it.</summary>
    /// <returns>Sessions whose orchestrations must look again.</returns>
    public async Task<IReadOnlyList<ChangedSession>> ApplyAsync(
        FollowUpContext db, Ruling ruling, SessionTruth truth, SessionCommand command, string actor, Instant now, CancellationToken cancellation)
    {
        var session = truth.Session;
        session.Touch(now);
        db.Audit.Add(new AuditRow
        {
            ClinicId = session.ClinicId,
            At = now,
            Actor = actor,
            Action = ruling.Action,
            Subject = session.Id,
            Detail = ruling.Detail,
        });
        if (command is { Kind: SessionCommandKind.Retry, Step: { } step })
        {
            await AlertLog.AcknowledgeStepAsync(db, session.Key, step, actor, now, cancellation);
        }

        await db.SaveChangesAsync(cancellation);
        return ruling.ConcernsOthers
            ? SessionStore.WithItself(session, await sessions.RefreshPatientAsync(db, session.ClinicId, session.PatientId, now, cancellation))
            : [new ChangedSession(session.Key, session.State)];
    }
}
