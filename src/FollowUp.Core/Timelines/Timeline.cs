using FollowUp.Core.CarePlans;
using FollowUp.Core.Texts;
using NodaTime;

namespace FollowUp.Core.Timelines;

/// <summary>Turns a plan and the facts of one session into the texts to send.</summary>
public static class Timeline
{
    /// <summary>
    /// Computes the timeline of one session. A pure function: the same plan and facts give the same result, on any machine at any time.
    /// </summary>
    /// <returns>
    /// Every step that the plan has for this session of the course, sorted by due time and then by the plan's order. Steps that the facts
    /// rule out are there with their reason; steps that the plan has for other sessions only are not. A planned step is due within the
    /// sending window of its kind, not before the booking, not before the time that the plan says, and before it ceases to be useful;
    /// marketing keeps within its budget. A step that has left is there as it left.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The session number is not within 1 and the planned sessions, or the plan counts a step from something that it does not have.
    /// </exception>
    public static IReadOnlyList<TimelineStep> Compute(CarePlan plan, SessionFacts facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.SessionNumber < 1 || facts.SessionNumber > facts.PlannedSessions)
        {
            throw new ArgumentException($"Session {facts.SessionNumber} of {facts.PlannedSessions} does not exist.", nameof(facts));
        }

        TimelineStep[] placed = PlaceAll(plan, facts);
        List<TimelineStep> steps =
        [
            .. placed.Where((step, index) => plan.Steps[index].IsPartOf(facts.SessionNumber, facts.PlannedSessions) || facts.AlreadySent.ContainsKey(step.Step))
                .OrderBy(step => step.DueAt),
        ];
        AskForOptOutLines(steps, facts);
        return steps;
    }

    /// <summary>
    /// Places the steps in the order in which they are due, since an earlier prompt has the first call on the marketing budget, and a step
    /// that follows another can be placed only after it.
    /// </summary>
    private static TimelineStep[] PlaceAll(CarePlan plan, SessionFacts facts)
    {
        StepPlacement placement = new(plan, facts);
        TimelineStep[] placed = new TimelineStep[plan.Steps.Count];
        PriorityQueue<(int Index, TimelineStep Step), (Instant DueAt, int Index)> queue = new();

        void Enqueue(int index, TimelineStep? previous)
        {
            TimelineStep step = placement.Place(plan.Steps[index], previous);
            queue.Enqueue((index, step), (step.DueAt, index));
        }

        for (int index = 0; index < placed.Length; index++)
        {
            if (index == 0 || plan.Steps[index].Anchor is not StepAnchor.PreviousStep)
            {
                Enqueue(index, previous: null);
            }
        }

        while (queue.TryDequeue(out (int Index, TimelineStep Step) next, out _))
        {
            placed[next.Index] = plan.Steps[next.Index].IsPartOf(facts.SessionNumber, facts.PlannedSessions) ? placement.FitBudget(next.Step) : next.Step;
            int follower = next.Index + 1;
            if (follower < placed.Length && plan.Steps[follower].Anchor is StepAnchor.PreviousStep)
            {
                Enqueue(follower, placed[next.Index]);
            }
        }

        return placed;
    }

    /// <summary>
    /// US carriers want the way out told in the first text and again about monthly, which is every session; UK law wants it in each
    /// marketing text (PECR, regulation 22). Nowhere else: the line costs a patient's attention.
    /// </summary>
    private static void AskForOptOutLines(List<TimelineStep> steps, SessionFacts facts)
    {
        int first = steps.FindIndex(step => step.Planned || facts.AlreadySent.ContainsKey(step.Step));
        for (int index = 0; index < steps.Count; index++)
        {
            if (index == first || StepKinds.IsMarketing(steps[index].Kind))
            {
                steps[index] = steps[index] with { TextKey = Texts.TextKey.WithOptOut(steps[index].TextKey) };
            }
        }
    }
}
