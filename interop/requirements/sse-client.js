class SSENotificationService {
  constructor() {
    this.eventSource = null;
    this.isConnected = false;
  }

  connect(token) {
    const url = `http://localhost:3000/notifications/sse?token=${token}`;

    this.eventSource = new EventSource(url);

    this.eventSource.onopen = () => {
      console.log("SSE connection opened");
      this.isConnected = true;
    };

    this.eventSource.onerror = (error) => {
      console.error("SSE connection error:", error);
      this.isConnected = false;
    };

    // Listen for notification events
    this.eventSource.addEventListener(
      "booking.created",
      this.handleBookingCreated
    );
    this.eventSource.addEventListener(
      "review.created",
      this.handleReviewCreated
    );
    this.eventSource.addEventListener("nearby-job", this.handleNearbyJob);
  }

  handleBookingCreated(event) {
    const data = JSON.parse(event.data);
    console.log("New booking:", data);
  }

  handleReviewCreated(event) {
    const data = JSON.parse(event.data);
    console.log("New review:", data);
  }

  handleNearbyJob(event) {
    const data = JSON.parse(event.data);
    console.log("Nearby job:", data);
  }

  disconnect() {
    if (this.eventSource) {
      this.eventSource.close();
    }
  }
}

// Usage
const sseService = new SSENotificationService();
sseService.connect("your-jwt-token");
