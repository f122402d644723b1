using FollowUp.Data;
using FollowUp.Data.Senders;
using FollowUp.Functions.Http;
using FollowUp.Workflows.Running;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace FollowUp.Functions.Clinics;

/// <summary>Commands on a whole clinic.</summary>
public sealed class ClinicCommandFunctions(SenderStore senders, SessionOrchestrations orchestrations, SideOrchestrations sides)
{
    private const string ResumeSending = "resume-sending";

    /// <summary>
    /// <c>resume-sending</c> ends the pause of the clinic's sender: whatever made Twilio refuse its texts has been mended. Should it not be, the
    /// next text pauses it again.
    /// </summary>
    [Function(nameof(PostClinicCommand))]
    public async Task<IResult> PostClinicCommand(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/clinics/{clinic}/commands")] HttpRequest request,
        string clinic,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        PathIds.Check(("clinic", clinic));
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var fields = new JsonFields(body.RootElement);
        fields.Text("command", required: true, FieldRules.OneOf([ResumeSending]));
        fields.ThrowIfWrong();
        if (await senders.ResumeAsync(clinic, Actors.Of(request), cancellation) is not { } resumed)
        {
            throw Problems.UnknownClinic(clinic);
        }

        await orchestrations.NotifyAsync(client, resumed.Affected, ResumeSending, CancellationToken.None);
        await sides.WakeTextsAsync(client, resumed.Texts, CancellationToken.None);
        return Answers.Json(new { resumed.WasPaused, sessions = resumed.Affected.Count });
    }
}
